from acme.billing.documents.paper import Document


class Invoice(Document):
    def number(self):
        return 1


FIRST = Invoice()
