// A catalogue of N made-up items as CSV, the same for the same N: `node bench/items.mjs 10000 > items.csv`.
const count = Number(process.argv[2] ?? 10_000);

// A small generator of its own, so that the file does not depend on the version of Node.
let state = 1;
const next = (below) => {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const pick = (list) => list[next(list.length)];

const subjects = ['Naloxone', 'Overdose prevention', 'Motivational interviewing', 'Trauma-informed practice', 'Alcohol brief interventions',
  'Injecting equipment provision', 'Family-inclusive practice', 'Stigma', 'Recovery coaching', 'Opioid substitution treatment',
  'Benzodiazepines', 'Cocaine', 'Hepatitis C', 'Mental health', 'Child protection', 'Safer nights out', 'Peer support', 'Supervision'];
const forms = ['introduction', 'in practice', 'for peer workers', 'for managers', 'refresher', 'train the trainer', 'advanced skills', 'essentials'];
const places = ['in Glasgow', 'in the Highlands', 'in prisons', 'in primary care', 'in homelessness services', 'in pharmacies', 'online', 'in Fife'];
const topics = ['naloxone-overdose', 'motivational-interviewing', 'trauma', 'stigma-language', 'alcohol', 'bbv-hepc-hiv', 'family-inclusive', 'cocaine-stimulants'];
const levels = ['informed', 'skilled', 'enhanced', 'specialist'];
const deliveries = ['elearning', 'classroom', 'virtual_classroom', 'blended', 'live_webinar'];

console.log('ref,kind,title,provider,topic,theme,mat_standards,level,minutes,delivery,cost,audience,provenance');
for (let n = 1; n <= count; n += 1) {
  console.log([
    `bench-${String(n).padStart(5, '0')}`, 'module', `${pick(subjects)} ${pick(forms)} ${pick(places)} ${n}`, `Sample provider ${1 + next(40)}`,
    pick(topics), '', 1 + next(10), pick(levels), 30 * (1 + next(30)), pick(deliveries), pick(['free', 'fee']), 'all', 'sample',
  ].join(','));
}
