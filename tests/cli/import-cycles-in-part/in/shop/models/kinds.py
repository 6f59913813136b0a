BOOK = "book"
