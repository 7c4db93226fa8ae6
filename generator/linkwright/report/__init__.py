"""What changed in the generated Python API, why, and what that means for its users.

``surface`` reads the API of an output off its source (through griffe), ``compare`` finds the
changes between two of them, ``catalogue`` says what each kind means, ``locate`` finds its place in
the documents, ``causes`` what moved, ``text`` writes it down. Nothing is imported here.
"""
