"""A carrier that answers, fails, dawdles or lies, as its settings say."""
