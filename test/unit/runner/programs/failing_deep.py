def down(level):
    return down(level + 1)


down(0)
