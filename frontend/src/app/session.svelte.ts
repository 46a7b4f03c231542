// Who is signed in, and what they may open.
import { api, ok, Problem } from '../api/client';
import type { Schemas } from '../api/client';

export type Role = 'staff' | 'manager' | 'employer' | 'provider' | 'adp' | 'planner' | 'curator' | 'admin';
export type Me = Schemas['MeOut'];
export type Grant = Me['roles'][number];

class Session {
  me = $state<Me | null>(null);
  /** `unknown` until the first answer: show nothing that depends on it before. */
  state = $state<'unknown' | 'out' | 'in' | 'unreachable'>('unknown');

  async load(): Promise<void> {
    try {
      this.me = await ok(api.GET('/me'), { anonymous: true });
      this.state = 'in';
    } catch (error) {
      this.me = null;
      this.state = error instanceof Problem && error.status === 401 ? 'out' : 'unreachable';
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    await ok(api.POST('/session', { body: { email, password } }), { anonymous: true });
    await this.load();
  }

  async signOut(): Promise<void> {
    await ok(api.DELETE('/session'), { anonymous: true }).catch((error: unknown) => {
      if (!(error instanceof Problem && error.status === 401)) throw error;
    });
    this.lost();
  }

  /** The backend no longer knows this session. */
  lost(): void {
    this.me = null;
    this.state = 'out';
  }

  get signedIn(): boolean {
    return this.state === 'in';
  }

  /** The password is one that somebody else has seen: nothing else is answered until it is changed. */
  get mustChangePassword(): boolean {
    return this.me?.password_must_change ?? false;
  }

  /** `has('employer')`; everyone who is signed in is staff. */
  has(...roles: Role[]): boolean {
    return this.signedIn && roles.some((role) => role === 'staff' || this.grants(role).length > 0);
  }

  grants(role: Role): Grant[] {
    return this.me?.roles.filter((grant) => grant.role === role) ?? [];
  }

  /** First name if we know it, else the part of the address before the @. */
  get callName(): string {
    return this.me?.person?.given_name ?? this.me?.account.email.split('@')[0] ?? '';
  }
}

export const session = new Session();
