"""What a person meets: the command line, what a person enters, the publication."""
