"""The public log: what proves to everybody that no fact was altered, without showing any."""
