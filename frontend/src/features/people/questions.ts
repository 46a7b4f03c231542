// What the backend asks back before it takes it: the codes are sent again in `confirmed`.
import type { Schemas } from '../../api/client';
import type { Problem } from '../../api/problem';

export type Question = Schemas['Question'];

export function asksBack(problem: Problem | null): { code: Question; message: string }[] {
  if (problem?.code !== 'please_confirm') return [];
  return problem.fields.map(({ code, message }) => ({ code: code as Question, message }));
}
