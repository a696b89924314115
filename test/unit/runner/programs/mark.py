print("mark")
print(__file__)