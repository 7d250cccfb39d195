"""What orders of both kinds share: numbers, amounts, states, lines, paper, and its e-mail."""
