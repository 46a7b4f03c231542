// Uploading one file with its progress, which fetch cannot tell.
import { answered, fingerprint, keyFor, Problem } from '../../api/client';
import type { Schemas } from '../../api/client';
import { session } from '../../app/session.svelte';

export const accept = '.pdf,.png,.jpg,.jpeg,.jfif';
export const most = 10 * 1024 * 1024;

/** Keeps a file as evidence; throws a Problem. */
export async function uploadEvidence(file: File, onprogress: (sent: number) => void): Promise<Schemas['EvidenceOut']> {
  // by its bytes: the same file sent again after a lost connection is kept once
  const bytes = new TextDecoder('latin1').decode(await file.arrayBuffer());
  const intention = `evidence\n${file.name}\n${fingerprint(bytes)}`;
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append('file', file);
    request.upload.onprogress = (event) => onprogress(event.loaded);
    request.onerror = () => fail(Problem.offline());
    request.onload = () => {
      answered(intention, request.status);
      const answer = parsed(request.responseText);
      if (request.status === 401) session.lost();
      if (request.status === 201) done(answer as Schemas['EvidenceOut']);
      else fail(Problem.from(answer, new Response(null, { status: request.status })));
    };
    request.open('POST', '/api/learning/evidence');
    request.setRequestHeader('Accept', 'application/json');
    request.setRequestHeader('Idempotency-Key', keyFor(intention));
    request.send(form);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
