import { describe, expect, it } from 'vitest';
import { noRole, reach, roleBody, roleMistakes } from './words';

const filled = { organisation_id: 'o', service_id: 's', area: 'adp-fife' };

describe('a role', () => {
  it('takes along only what it is for', () => {
    expect(roleBody({ role: 'employer', ...filled })).toEqual({ role: 'employer', organisation_id: 'o' });
    expect(roleBody({ role: 'manager', ...filled })).toEqual({ role: 'manager', organisation_id: 'o', service_id: 's' });
    expect(roleBody({ role: 'adp', ...filled })).toEqual({ role: 'adp', area: 'adp-fife' });
    expect(roleBody({ role: 'admin', ...filled })).toEqual({ role: 'admin' });
    expect(roleBody(noRole())).toEqual({});
  });
  it('says what is missing, one thing at a time', () => {
    const missing = (role: string, more = {}) => Object.entries(roleMistakes({ ...noRole(), role, ...more })).filter(([, text]) => text).map(([name]) => name);
    expect(missing('')).toEqual([]);
    expect(missing('planner')).toEqual([]);
    expect(missing('manager')).toEqual(['organisation_id']);
    expect(missing('manager', { organisation_id: 'o' })).toEqual(['service_id']);
    expect(missing('adp')).toEqual(['area']);
  });
  it('names its reach from the small to the great', () => {
    expect(reach({ service_name: 'Govan team', organisation_name: 'Clyde' })).toBe('Govan team, Clyde');
    expect(reach({ area: 'adp-fife', area_name: 'Fife ADP' })).toBe('Fife ADP');
    expect(reach({})).toBe('');
  });
});
