"""What happened, in order, tamper-evident: every command records its fact here."""
