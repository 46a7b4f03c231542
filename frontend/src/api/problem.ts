// What went wrong, in the one shape that every screen understands (RFC 9457).
export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

export class Problem extends Error {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** Stable and made for programs; ours are `offline` (no answer) and `unreadable` (not a problem document). */
  readonly code: string;
  readonly fields: FieldProblem[];
  /** The whole document, for parts that only some problems have. */
  readonly body: Record<string, unknown>;

  constructor(body: Record<string, unknown>, status = 0) {
    const text = (key: string) => (typeof body[key] === 'string' ? (body[key] as string) : '');
    super(plain(text('title'), status || Number(body['status'])) || 'Something went wrong');
    this.name = 'Problem';
    this.title = this.message;
    this.type = text('type') || 'about:blank';
    this.status = typeof body['status'] === 'number' ? body['status'] : status;
    this.detail = /failed to parse|parse request payload/.test(text('detail')) ? 'Something in the address or in what was typed cannot be read.' : text('detail');
    this.code = text('code') || 'unreadable';
    this.fields = Array.isArray(body['fields']) ? (body['fields'] as FieldProblem[]) : [];
    this.body = body;
  }

  get offline(): boolean {
    return this.code === 'offline';
  }

  static offline(): Problem {
    return new Problem({
      code: 'offline',
      title: 'We could not reach Cairn',
      detail: 'Check your connection and try again. Nothing you typed is lost.',
    });
  }

  /** Any thrown or returned thing as a Problem. */
  static from(error: unknown, response?: Response): Problem {
    if (error instanceof Problem) return error;
    if (response) {
      if (typeof error === 'object' && error !== null && 'title' in error)
        return new Problem(error as Record<string, unknown>, response.status);
      return new Problem({ title: titleFor(response.status), detail: 'Try again in a moment.' }, response.status);
    }
    if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) return Problem.offline();
    return new Problem({ title: 'Something went wrong on this page', detail: error instanceof Error ? error.message : String(error) });
  }
}

const phrases = /^(Bad Request|Unauthorized|Forbidden|Not Found|Conflict|Precondition Failed|Payload Too Large|Unsupported Media Type|Unprocessable Entity|Too Many Requests|Internal Server Error|Service Unavailable)$/i;

/** The words of the protocol are not those of people. */
const plain = (title: string, status: number): string => (phrases.test(title) ? titleFor(status) : title);

function titleFor(status: number): string {
  if (status === 401) return 'You need to sign in';
  if (status === 403) return 'You may not do that';
  if (status === 404) return 'We could not find that';
  if (status === 400 || status === 422) return 'We could not take that as it is';
  if (status === 409) return 'That does not fit with what is recorded';
  if (status === 412) return 'This has changed meanwhile';
  if (status === 413) return 'That is too big to send';
  if (status === 429) return 'Too many tries in a short time';
  if (status === 503) return 'Cairn is busy or being looked after';
  return 'Something went wrong at our end';
}
