//! Words that mean the same to the people who search here, shared by both engines.
//!
//! Abbreviations are those of the domain reference (policy, roles, registers, topics, providers);
//! trade and street names are general knowledge of the field. Keep it short: every entry must help
//! someone find something, and an entry that is only nearly right makes results worse.

use std::collections::BTreeMap;

/// Each means all others of its row. At most three words each (Meilisearch looks no further).
/// Meilisearch does not find a phrase across a stop word ("knowledge and skills"): such a row needs
/// another way to say it, here or below.
const SAME: &[&[&str]] = &[
    // harm reduction
    &["naloxone", "nox", "narcan", "nyxoid", "prenoxad"],
    &["thn", "take home naloxone"],
    &["overdose", "od"],
    &["iep", "injecting equipment provision", "needle exchange", "nsp"],
    &["bbv", "blood borne virus", "blood borne viruses"],
    &["hepatitis c", "hep c", "hepc", "hcv"],
    &["hepatitis b", "hep b", "hbv"],
    &["nfo", "near fatal overdose"],
    // treatment
    &["mat", "medication assisted treatment"],
    &["ost", "oat", "opioid substitution", "opiate substitution", "opioid agonist"],
    &["laib", "long acting buprenorphine", "buvidal", "depot buprenorphine"],
    &["nmp", "non medical prescribing", "non medical prescriber", "independent prescriber"],
    &["detox", "detoxification"],
    &["rehab", "rehabilitation"],
    // psychological
    &["mi", "motivational interviewing"],
    &["cbt", "cognitive behavioural therapy", "cognitive behavioral therapy"],
    &["cm", "contingency management"],
    &["craft", "community reinforcement"],
    // alcohol
    &["abi", "alcohol brief intervention", "alcohol brief interventions"],
    &["arbd", "alcohol related brain", "korsakoff", "wernicke"],
    &["fasd", "fetal alcohol", "foetal alcohol"],
    // drugs
    &["benzos", "benzo", "benzodiazepine", "benzodiazepines"],
    &["iped", "ipeds", "pied", "pieds", "steroids", "performance drugs"],
    &["nps", "new psychoactive substances", "legal highs"],
    &["nitazene", "nitazenes", "synthetic opioids"],
    // co-occurring, groups
    &["gbv", "gender based violence"],
    &["cyp", "children and young", "children young people"],
    &["lgbt", "lgbtqi", "lgbtq", "lgbtqia"],
    // practice, workforce, frameworks
    &["rosc", "recovery oriented systems", "recovery oriented system"],
    &["ksf", "knowledge and skills", "knowledge skills framework", "skills framework"],
    &["pvg", "protecting vulnerable groups"],
    &["adp", "alcohol drug partnership"],
    &["t4t", "train the trainer", "training for trainers", "train trainers"],
    &["elearning", "e learning"],
    &["gp", "general practitioner", "general practice"],
    // providers
    &["sdf", "scottish drugs forum"],
    &["nes", "nhs education"],
    &["phs", "public health scotland"],
    &["src", "scottish recovery consortium"],
    &["sfad", "scottish families"],
    &["afs", "alcohol focus"],
    &["nttp", "national trauma"],
    &["sg", "scottish government"],
];

/// The left finds the right, not the other way: something particular leads to what covers it.
const LEADS_TO: &[(&str, &[&str])] = &[
    ("thn", &["naloxone"]),
    ("cyp", &["young people"]),
    ("t4t", &["trainer", "trainers"]),
    ("hiv", &["bbv"]),
    ("hepatitis", &["bbv"]),
    ("bbv", &["hepatitis c", "hiv"]),
    ("valium", &["benzodiazepines"]),
    ("diazepam", &["benzodiazepines"]),
    ("etizolam", &["benzodiazepines"]),
    ("xanax", &["benzodiazepines"]),
    ("coke", &["cocaine"]),
    ("crack", &["cocaine"]),
    ("speed", &["psychostimulants", "amphetamine"]),
    ("ket", &["ketamine"]),
    ("weed", &["cannabis"]),
    ("methadone", &["opioid", "ost"]),
    ("buprenorphine", &["opioid", "ost"]),
    ("buvidal", &["buprenorphine", "opioid"]),
    ("heroin", &["opioid", "opiate"]),
    ("opiate", &["opioid"]),
    ("opiates", &["opioid"]),
    ("prescriber", &["prescribing"]),
    ("needles", &["injecting equipment provision"]),
    ("needle", &["injecting"]),
    ("syringe", &["injecting"]),
    ("drinking", &["alcohol"]),
    ("drinkers", &["alcohol"]),
    ("drink", &["alcohol"]),
    ("booze", &["alcohol"]),
    ("pregnancy", &["perinatal", "fasd"]),
    ("pregnant", &["perinatal", "fasd"]),
    ("grief", &["bereavement"]),
    ("grieving", &["bereavement"]),
    ("bereaved", &["bereavement"]),
    ("jail", &["prison"]),
    ("burnout", &["vicarious trauma", "wellbeing"]),
    ("suicidal", &["suicide"]),
    ("abscess", &["bacterial infections", "wound"]),
    ("chems", &["chemsex"]),
    ("online", &["elearning", "virtual", "webinar"]),
    ("face to face", &["classroom"]),
    ("dual diagnosis", &["mental health"]),
    ("relatives", &["family", "families"]),
    ("parents", &["parental", "family"]),
    ("carers", &["family"]),
    ("kids", &["children"]),
    ("teenagers", &["young people"]),
    ("dtto", &["testing order"]),
    ("asp", &["adult protection", "adult support"]),
    ("discrimination", &["stigma"]),
];

/// Longest left side, in words.
pub const LONGEST: usize = 3;

/// What else to look for when this is asked for; keys and values are folded words.
pub fn table() -> &'static BTreeMap<&'static str, Vec<&'static str>> {
    static TABLE: std::sync::LazyLock<BTreeMap<&str, Vec<&str>>> = std::sync::LazyLock::new(|| {
        let mut table: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in SAME {
            for word in *row {
                table.entry(word).or_default().extend(row.iter().filter(|other| *other != word));
            }
        }
        for (word, others) in LEADS_TO {
            table.entry(word).or_default().extend(*others);
        }
        table
    });
    &TABLE
}

/// Synonyms of the words `from..to` of a query, if they have some together.
pub fn of(words: &[String]) -> &'static [&'static str] {
    let key = words.join(" ");
    table().get(key.as_str()).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::words;

    #[test]
    fn entries_are_written_as_the_engines_read_them() {
        for (word, others) in table() {
            for text in others.iter().chain([word]) {
                let folded: Vec<String> = words::words(text).into_iter().map(|word| word.text).collect();
                assert_eq!(folded.join(" "), *text, "not in folded form");
                assert!(folded.len() <= LONGEST, "{text} has too many words");
            }
            assert!(!others.contains(word), "{word} is its own synonym");
        }
    }

    #[test]
    fn rows_work_both_ways_and_leads_one_way() {
        assert!(of(&["bbv".to_owned()]).contains(&"blood borne virus"));
        assert!(of(&["hep".to_owned(), "c".to_owned()]).contains(&"hcv"));
        assert!(of(&["crack".to_owned()]).contains(&"cocaine"));
        assert!(!of(&["cocaine".to_owned()]).contains(&"crack"));
    }
}
