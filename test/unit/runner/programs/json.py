VALUE = "local json"
