VALUE = "local random"


class Mine(Exception):
    pass
