"""Cases, reports, people, deadlines: the nouns and their rules."""
