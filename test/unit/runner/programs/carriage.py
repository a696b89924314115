print(1)
print(2)
raise ValueError
