"""Makes mails as Amazon would write them, each with what must be read in it, from a phrasebook and a seeded draw."""
