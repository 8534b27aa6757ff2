"""The tables of units and people, with the days on which they hold."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, String, Table, Text, false

from storage.columns import Moment, id_column, metadata

areas = Table("areas", metadata, id_column(), Column("name", Text, nullable=False))

units = Table(
    "units",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("area_id", ForeignKey("areas.id"), nullable=False),
    Column("legal_areas", JSON, nullable=False),
    Column("provider", String(200), nullable=False, server_default=""),  # empty: the municipality
    Column("health_apart", Boolean, nullable=False, server_default=false()),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
)

people = Table(
    "people",
    metadata,
    id_column(),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("language", String(5), nullable=False),
    Column("unit_id", String(64), nullable=False, server_default=""),  # where the person works
)

chat_addresses = Table(
    "chat_addresses",
    metadata,
    Column("channel", String(20), primary_key=True),
    Column("address", String(320), primary_key=True),
    Column("person_id", String(64), nullable=False, index=True),
    Column("reference", JSON, nullable=False),  # what the channel needs to write first
    Column("updated_at", Moment, nullable=False),
)

organisation_revision = Table(
    "organisation_revision",  # one row, with another name after every change of these tables
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(32), nullable=False),
)

assignments = Table(
    "assignments",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("role", String(40), nullable=False),
    Column("scope", String(64), nullable=False),
    Column("deputy", Boolean, nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
)

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("people.id"), nullable=False),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date),
)
