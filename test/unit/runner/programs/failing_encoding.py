print("one")
x = "ÿ"
