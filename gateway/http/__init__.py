"""The doors. Each reads its request strictly, answers with a stable code, and lets nothing from inside out."""
