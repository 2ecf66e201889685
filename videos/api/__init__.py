"""The door for programs: `/v1`."""
