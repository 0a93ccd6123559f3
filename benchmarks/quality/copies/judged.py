"""x"""
def measure(): raise NotImplementedError
