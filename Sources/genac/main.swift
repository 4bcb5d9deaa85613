print("genac")
