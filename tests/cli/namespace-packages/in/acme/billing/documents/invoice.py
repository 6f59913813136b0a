from acme.billing.documents.base import Document


class Invoice(Document):
    def number(self):
        return 1


FIRST = Invoice()
