"""Words: messages in two languages, French typography, the language of the machine. It imports nothing of ours."""
