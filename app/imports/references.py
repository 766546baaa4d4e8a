"""Finding young people by the references that a spreadsheet uses."""

from uuid import UUID

from app.imports.cells import Cells, quoted
from app.young_people.queries import by_reference


class References:
    """The young people of one council by reference; each is looked up once."""

    def __init__(self, council_id: UUID) -> None:
        self.council_id = council_id
        self.found: dict[str, UUID | None] = {}

    def person(self, cells: Cells, column: str) -> UUID | None:
        """Return whom a cell names, or None after noting a problem."""
        reference = cells.text(column, required=True)
        if not reference:
            return None
        if reference not in self.found:
            person = by_reference(self.council_id, reference)
            self.found[reference] = person.id if person else None
        if self.found[reference] is None:
            cells.refuse(column, f"there is no young person with the reference {quoted(reference)}")
        return self.found[reference]
