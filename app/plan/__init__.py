"""The province's plan: its targets as stated, and where its own figures disagree."""
