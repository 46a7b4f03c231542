// How much there is to look after, for the start of Administration and the panel on the start page.
import { api, ok } from '../../api/client';

export interface Counts {
  accounts: number;
  employers: number;
  providers: number;
  /** Accounts that look after an employer. */
  leads: number;
}

export async function counts(): Promise<Counts> {
  const accounts = async (query: { role?: 'employer' }) => (await ok(api.GET('/accounts', { params: { query: { ...query, limit: 1 } } }))).total ?? 0;
  const organisations = async (query: { is_employer?: boolean; is_provider?: boolean }) => (await ok(api.GET('/directory/organisations', { params: { query: { ...query, limit: 1 } } }))).total ?? 0;
  const [all, leads, employers, providers] = await Promise.all([accounts({}), accounts({ role: 'employer' }), organisations({ is_employer: true }), organisations({ is_provider: true })]);
  return { accounts: all, leads, employers, providers };
}
