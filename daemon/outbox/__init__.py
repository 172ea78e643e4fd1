"""What relance puts into the owner's mailbox: drafts to send, notices to read. Nothing here is ever sent."""
