// Writes beside a reader: people sign in, record completions and edit items, at a steady pace that does
// not depend on how fast the answers come.
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** Begins writing; `stop(seconds)` ends it and says how much was written a second. */
export async function writer(url, cookie) {
  const sessions = { staff: await cookie('staff@example.org'), curator: await cookie('curator@example.org') };
  const headers = (of) => ({ 'content-type': 'application/json', origin: url, cookie: sessions[of] });
  const listed = await fetch(`${url}/api/catalogue/items?status=published&limit=100`, { headers: headers('curator') });
  const modules = (await listed.json()).items.filter((item) => item.kind === 'module');
  const done = { 'sign-ins': 0, completions: 0, edits: 0 };
  let refused = 0;
  let going = true;

  async function every(ms, what, work) {
    for (let turn = 0; going; turn += 1) {
      const next = pause(ms);
      if (await work(turn).catch(() => false)) done[what] += 1;
      else refused += 1;
      await next;
    }
  }

  const record = async (turn) => {
    // each day once for each item, so that none is refused as recorded already
    const day = new Date(Date.now() - (1 + Math.floor(turn / modules.length)) * 86_400_000).toISOString().slice(0, 10);
    const body = JSON.stringify({ item_id: modules[turn % modules.length].id, completed_on: day, evidence_ids: [] });
    return (await fetch(`${url}/api/learning/completions`, { method: 'POST', headers: headers('staff'), body })).ok;
  };
  const edit = async (turn) => {
    const path = `${url}/api/catalogue/items/${modules[turn % modules.length].id}`;
    const found = await fetch(path, { headers: headers('curator') });
    const body = JSON.stringify({ summary: `A summary that was edited for the ${turn}th time.` });
    const answer = await fetch(path, { method: 'PATCH', headers: { ...headers('curator'), 'if-match': found.headers.get('etag') ?? '' }, body });
    return answer.ok;
  };
  const signIn = () => cookie('staff@example.org').then(Boolean);
  const loops = [every(250, 'sign-ins', signIn), every(200, 'completions', record), every(1000, 'edits', edit)];

  return {
    async stop(seconds) {
      going = false;
      await Promise.all(loops);
      const rates = Object.entries(done).map(([what, count]) => `${(count / seconds).toFixed(1)} ${what}`);
      return `beside ${rates.join(', ')} a second${refused > 0 ? `; ${refused} writes were refused` : ''}`;
    },
  };
}
