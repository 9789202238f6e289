"""Operations on connections that stay open: one sequence of answers, and what each protocol makes of it."""
