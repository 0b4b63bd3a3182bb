"""Records in the forms of others, one form a file.

In: records, from a store or a file of JSON lines. Out: a text on a stream, or a folder of tables.
Every form is written in the order of the records, and is the same for the same records.
"""

from tidings.export.forms import FORMS, export, export_folder, is_folder
from tidings.export.origins import open_records

__all__ = ["FORMS", "export", "export_folder", "is_folder", "open_records"]
