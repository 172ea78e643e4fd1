"""Amazon's mails, and those of its sellers and customer service."""
