"""What is: text to mentions, mentions to facts and requirements, facts to sparse columns. No weights here."""
