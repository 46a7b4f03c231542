// Uploading one file with its progress, which fetch cannot tell.
import { Problem } from '../../api/client';
import type { Schemas } from '../../api/client';
import { session } from '../../app/session.svelte';

export const accept = '.pdf,.png,.jpg,.jpeg';
export const most = 10 * 1024 * 1024;

/** Keeps a file as evidence; throws a Problem. */
export function uploadEvidence(file: File, onprogress: (sent: number) => void): Promise<Schemas['EvidenceOut']> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.append('file', file);
    request.upload.onprogress = (event) => onprogress(event.loaded);
    request.onerror = () => fail(Problem.offline());
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status === 401) session.lost();
      if (request.status === 201) done(answer as Schemas['EvidenceOut']);
      else fail(Problem.from(answer, new Response(null, { status: request.status })));
    };
    request.open('POST', '/api/learning/evidence');
    request.setRequestHeader('Accept', 'application/json');
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
