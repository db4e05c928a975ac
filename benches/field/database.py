"""A home's database, whichever it is: the SQLite file in the home, or a PostgreSQL server named by its address."""

import csv
import io
import sqlite3
import subprocess


class Database:
    def __init__(self, home, address=None):
        self.address = address
        self.file = None if address else sqlite3.connect(f"{home}/yilian.db", timeout=60)

    def ask(self, sql):
        """Rows of a question, numbers as numbers."""
        if self.file:
            return self.file.execute(sql).fetchall()
        command = ["psql", "-X", "-q", "--csv", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.address, "-c", sql]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        read = lambda cell: int(cell) if cell.lstrip("-").isdigit() else cell
        return [tuple(read(cell) for cell in row) for row in csv.reader(io.StringIO(said))]

    def one(self, sql):
        return self.ask(sql)[0][0]

    def write(self, statements):
        """Statements without parameters, all or none."""
        if self.file:
            for sql in statements:
                self.file.execute(sql)
            self.file.commit()
            return
        text = "BEGIN;\n" + ";\n".join(statements) + ";\nCOMMIT;\n"
        subprocess.run(
            ["psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", self.address], check=True, input=text, text=True
        )
