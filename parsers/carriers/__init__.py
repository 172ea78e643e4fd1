"""Carriers' mails. One parser for all of them: what differs is data, one file a carrier in ``lexicon/``."""
