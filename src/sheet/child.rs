//! Files of others are read in a child process of the same program, with limits on memory, time and
//! output: what a library allocates for a hostile file cannot be caught, only outlived.
//!
//! The question goes to the child's standard input (the length of a JSON head, the head, the file), the
//! rows come back as JSON. The child gets no environment and opens nothing.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::header::{self, Column};
use super::read::{self, Limits, ReadError, Wanted};
use super::table::{Raw, Table};

/// The command of the program that answers: hidden, for [`Reader`] alone.
pub const COMMAND: &str = "read-table";
/// Files that are read at one time; each may take its whole memory.
const AT_ONCE: usize = 2;
/// Bytes of an answer: the texts of a table with their addresses, several times what is expected.
const LONGEST_ANSWER: u64 = 256_000_000;
/// A question about columns, not a file.
const LONGEST_HEAD: usize = 1_000_000;

/// Reads tables that others made.
#[derive(Clone, Debug)]
pub struct Reader {
    program: PathBuf,
    /// Bytes of memory that one reading may take
    memory: u64,
    /// How long one reading may take, also on the processor
    patience: Duration,
    turns: Arc<Semaphore>,
}

impl Reader {
    /// Reads with this program, which must be Cairn itself.
    pub fn new(program: PathBuf) -> Self {
        Self {
            program,
            memory: 1_000_000_000,
            patience: Duration::from_mins(1),
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Reads with the program that is running, also when its file was replaced meanwhile.
    pub fn of_this_program() -> io::Result<Self> {
        let running = PathBuf::from("/proc/self/exe");
        Ok(Self::new(if running.exists() { running } else { std::env::current_exe()? }))
    }

    /// The same with other limits.
    #[must_use]
    pub fn within(self, memory: u64, patience: Duration) -> Self {
        Self { memory, patience, ..self }
    }

    /// Reads a table. Waits for its turn when others are being read.
    pub async fn read(&self, bytes: Vec<u8>, wanted: Wanted<'static>) -> Result<Table, ReadError> {
        read::within(&bytes, &wanted.limits)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(unavailable)?;
        let reader = self.clone();
        let work = move || {
            let table = reader.read_here(bytes, &wanted);
            drop(turn);
            table
        };
        let table = spawn_blocking(work).await.map_err(unavailable)?;
        match &table {
            Err(ReadError::Broken(detail)) => tracing::info!(detail, "a file could not be read"),
            Err(ReadError::TooHeavy) => tracing::warn!("a file took too much to read"),
            Err(ReadError::Unavailable(detail)) => tracing::error!(detail, "files cannot be read"),
            _ => {}
        }
        table
    }

    fn read_here(&self, bytes: Vec<u8>, wanted: &Wanted<'_>) -> Result<Table, ReadError> {
        let head = Head::of(wanted, self).map_err(unavailable)?;
        let mut command = Command::new(&self.program);
        command.arg(COMMAND).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let child = command.spawn().map_err(unavailable)?;
        let Some((answer, status)) = ask(child, head, bytes, self.patience).map_err(unavailable)? else {
            return Err(ReadError::TooHeavy);
        };
        // one without a code was ended by a signal: an allocation was refused, or its time was over
        if answer.len() as u64 > LONGEST_ANSWER || status.code().is_none() {
            return Err(ReadError::TooHeavy);
        }
        if !status.success() {
            return Err(ReadError::Unavailable(format!("{}: {status}", self.program.display())));
        }
        let raw: Result<Raw, ReadError> = serde_json::from_slice(&answer).map_err(unavailable)?;
        header::into_table(raw?, wanted.columns)
    }
}

fn unavailable(error: impl std::fmt::Display) -> ReadError {
    ReadError::Unavailable(error.to_string())
}

/// Sends the question and takes the answer, as far as it is not too long; `None` when it did not come in
/// time. The child has ended in any case.
fn ask(
    mut child: Child,
    head: Vec<u8>,
    bytes: Vec<u8>,
    patience: Duration,
) -> io::Result<Option<(Vec<u8>, ExitStatus)>> {
    let (Some(mut to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::Error::other("a child without pipes"));
    };
    // a child that ends early does not take the whole question; its status says why
    let sending = thread::spawn(move || {
        to.write_all(&(head.len() as u64).to_le_bytes())?;
        to.write_all(&head)?;
        to.write_all(&bytes)
    });
    let (give, take) = mpsc::channel();
    let taking = thread::spawn(move || {
        let mut answer = Vec::new();
        let read = from.take(LONGEST_ANSWER + 1).read_to_end(&mut answer).map(|_| answer);
        // nobody takes it when the time is over
        give.send(read).is_ok()
    });
    let answer = take.recv_timeout(patience);
    if !matches!(&answer, Ok(Ok(answer)) if answer.len() as u64 <= LONGEST_ANSWER) {
        child.kill()?;
    }
    let status = child.wait()?;
    let sent = sending.join().map_err(|_| io::Error::other("sending failed"))?;
    taking.join().map_err(|_| io::Error::other("taking failed"))?;
    match answer {
        Ok(answer) => {
            if status.success() {
                sent?;
            }
            answer.map(|answer| Some((answer, status)))
        }
        Err(_) => Ok(None),
    }
}

#[derive(Serialize, Deserialize)]
struct Head {
    columns: Vec<Named>,
    sheet: Option<String>,
    limits: Limits,
    memory: u64,
    seconds: u64,
}

#[derive(Serialize, Deserialize)]
struct Named {
    name: String,
    synonyms: Vec<String>,
}

impl Head {
    fn of(wanted: &Wanted<'_>, reader: &Reader) -> serde_json::Result<Vec<u8>> {
        let named = |column: &Column| Named {
            name: column.name.to_owned(),
            synonyms: column.synonyms.iter().map(|&synonym| synonym.to_owned()).collect(),
        };
        serde_json::to_vec(&Self {
            columns: wanted.columns.iter().map(named).collect(),
            sheet: wanted.sheet.map(str::to_owned),
            limits: wanted.limits,
            memory: reader.memory,
            seconds: reader.patience.as_secs().max(1),
        })
    }
}

/// The child's half: one question from `input`, one answer to `output`.
pub fn answer(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let mut length = [0; 8];
    input.read_exact(&mut length)?;
    let length = usize::try_from(u64::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > LONGEST_HEAD {
        return Err(io::Error::other("the question is too long"));
    }
    let mut head = vec![0; length];
    input.read_exact(&mut head)?;
    let head: Head = serde_json::from_slice(&head)?;
    confine(&head)?;
    let mut bytes = Vec::new();
    input.take(head.limits.bytes as u64 + 1).read_to_end(&mut bytes)?;
    // this process ends with the answer, so what it leaks is given back at once
    let kept = |text: String| -> &'static str { Box::leak(text.into_boxed_str()) };
    let column = |named: Named| Column {
        name: kept(named.name),
        synonyms: Box::leak(named.synonyms.into_iter().map(kept).collect::<Vec<_>>().into_boxed_slice()),
        required: false,
    };
    let columns: Vec<Column> = head.columns.into_iter().map(column).collect();
    let wanted = Wanted { columns: &columns, sheet: head.sheet.as_deref(), limits: head.limits };
    let mut output = io::BufWriter::new(&mut output);
    serde_json::to_writer(&mut output, &read::raw(&bytes, &wanted))?;
    output.flush()
}

/// From here on this process may take so much and no more.
#[cfg(unix)]
fn confine(head: &Head) -> io::Result<()> {
    use rlimit::Resource;
    // of the program's own file much is mapped, and none of it counts as data
    Resource::DATA.set(head.memory, head.memory)?;
    Resource::CPU.set(head.seconds, head.seconds + 1)?;
    Resource::CORE.set(0, 0)?;
    // no file is written, and none but the pipes is opened
    Resource::FSIZE.set(0, 0)
}

#[cfg(not(unix))]
fn confine(_: &Head) -> io::Result<()> {
    Ok(())
}
