// Questions to begin with, for each kind of caller. Pure.
import { question } from './question';
import type { Suggestion } from './question';

export interface Preset extends Suggestion {
  /** What it is good for. */
  use: string;
}

const national: Preset[] = [
  { label: 'Vacancy rate by ADP', use: 'Where are services short of staff?', question: question({ measures: ['vacancy_rate', 'vacant_wte'], by: ['adp'] }) },
  { label: 'Headcount by health board and role family', use: 'Who works where?', question: question({ measures: ['headcount'], by: ['health_board', 'role_family'] }) },
  { label: 'Skill coverage by ADP', use: 'Where are required skills in date?', question: question({ measures: ['coverage'], by: ['adp'] }) },
];
const local: Preset[] = [
  { label: 'Vacancy rate by service type', use: 'Which services are short of staff?', question: question({ measures: ['vacancy_rate', 'vacant_wte'], by: ['service_type'] }) },
  { label: 'Headcount by sector and role family', use: 'Who works for whom?', question: question({ measures: ['headcount'], by: ['role_family', 'sector'] }) },
  { label: 'Skill coverage by role family', use: 'Which roles hold the skills they need?', question: question({ measures: ['coverage'], by: ['role_family'] }) },
];
const own: Preset[] = [
  { label: 'Vacancies by service type', use: 'Where are we short of staff?', question: question({ measures: ['vacant_wte', 'vacancy_rate'], by: ['service_type'] }) },
  { label: 'People by ADP and role family', use: 'Who works where?', question: question({ measures: ['headcount', 'in_post_wte'], by: ['adp', 'role_family'] }) },
  { label: 'Skill coverage by role', use: 'Which roles hold the skills they need?', question: question({ measures: ['coverage'], by: ['role'] }) },
];

export function presetsFor(has: (role: 'planner' | 'adp') => boolean): Preset[] {
  return has('planner') ? national : has('adp') ? local : own;
}
