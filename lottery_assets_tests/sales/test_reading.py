"""The sales file as a file: version, encodings, separators, broken archives, ragged rows, S3."""

import gzip
import hashlib

import pandas as pd
import pytest
from upath import UPath

from lottery_assets.complaints import BadInput
from lottery_assets.sales import read_sales, weekly_sales
from lottery_assets_tests.countries import country
from lottery_assets_tests.sales.rows import from_file, text_rows, write

HEADER = "country,week_start,jackpot_announced,tickets_sold\n"


def refused(path) -> str:
    with pytest.raises(BadInput) as error:
        read_sales(path)
    (complaint,) = error.value.complaints
    assert complaint.file == str(path)
    assert complaint.message.startswith(str(path))
    return complaint.message.removeprefix(str(path))


def test_every_cell_is_text_and_row_is_the_line_in_the_file(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(HEADER + "\natlantis, 2024-01-01 ,03,n/a\n\natlantis,2024-01-08,4,\n")
    frame = read_sales(path).frame
    assert frame.iloc[0].tolist() == ["atlantis", " 2024-01-01 ", "03", "n/a", 3]
    assert frame.iloc[1].tolist() == ["atlantis", "2024-01-08", "4", "", 5]


def test_the_version_is_the_md5_that_dvc_records(tmp_path, sales_file):
    path = write(text_rows(), tmp_path)
    assert read_sales(path).data_version == hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()
    recorded = sales_file.with_name(sales_file.name + ".dvc").read_text()
    assert f"md5: {read_sales(str(sales_file)).data_version}\n" in recorded


def test_plain_and_compressed_files_give_the_same_rows(tmp_path):
    frame = text_rows()
    plain, packed = write(frame, tmp_path), write(frame, tmp_path, "sales.csv.gz")
    pd.testing.assert_frame_equal(read_sales(plain).frame, read_sales(packed).frame)


def test_a_file_on_s3_is_read_by_the_same_code(tmp_path, bucket):
    path = write(text_rows(), tmp_path, "sales.csv.gz")
    (UPath(bucket) / "sales.csv.gz").write_bytes(path.read_bytes())
    there, here = read_sales(f"{bucket}/sales.csv.gz"), read_sales(path)
    assert there.data_version == here.data_version
    assert there.source == f"{bucket}/sales.csv.gz"
    pd.testing.assert_frame_equal(there.frame, here.frame)
    assert read_sales(UPath(bucket) / "sales.csv.gz").data_version == here.data_version


def test_a_file_that_is_not_on_s3_says_so(bucket):
    assert "there is no such file" in refused(f"{bucket}/nothing.csv")


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_bytes(b"\xef\xbb\xbf" + text_rows().to_csv(index=False).replace("\n", "\r\n").encode())
    assert len(from_file(path)) == 41
    assert read_sales(path).frame["row"].tolist() == list(range(2, 42))


def test_a_quoted_cell_may_hold_a_comma(tmp_path):
    path = tmp_path / "sales.csv"
    path.write_text(HEADER.strip() + ',note\natlantis,2024-01-01,3,5,"so, so"\n')
    assert read_sales(path).frame["note"].tolist() == ["so, so"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty; deliver the sales"),
        (b"\n \n", "is empty; deliver the sales"),
        (HEADER.encode(), "has a header and no rows"),
        (HEADER.replace(",", ";").encode() + b"a;b;c;d\n", "is separated by semicolons; save it with commas"),
        (HEADER.replace(",", "\t").encode() + b"a\tb\n", "is separated by tabs"),
        (HEADER.encode() + b"Brasil\xe1,2024-01-01,3,5\n", "line 2 is not UTF-8 (byte 0xe1); save the file as UTF-8"),
        (HEADER.encode("utf-16"), "is not UTF-8"),
        (b"PK\x03\x04rest", "is a workbook, an archive or parquet, and no CSV"),
        (HEADER.encode() + b"a,\x00,3,4\n", "zero bytes"),
        (HEADER.encode() + b'a,"2024,3,4\nb,c,d,e\n', "is no CSV (unexpected end of data); check its quotes"),
        (gzip.compress(HEADER.encode() * 200, mtime=0)[:-20], "is a broken gzip file"),
        (gzip.compress(b"", mtime=0), "is empty"),
    ],
)
def test_what_is_no_sales_file_says_what_to_do(tmp_path, content, says):
    path = tmp_path / "sales.csv"
    path.write_bytes(content)
    assert says in refused(path)


def test_a_gz_that_is_no_gzip_says_so(tmp_path):
    path = tmp_path / "sales.csv.gz"
    path.write_text(HEADER + "a,2024-01-01,3,5\n")
    assert "is named .gz but is not gzip; compress it with `gzip`, or rename it to .csv" in refused(path)


def test_a_missing_file_and_a_folder_say_so(tmp_path):
    assert "there is no such file; run `dvc pull`" in refused(tmp_path / "none.csv")
    assert "is a folder" in refused(tmp_path)


@pytest.mark.parametrize("gone", ["country", "week_start", "jackpot_announced", "tickets_sold"])
def test_a_missing_column_is_named_with_those_found(tmp_path, gone):
    message = refused(write(text_rows().drop(columns=gone), tmp_path))
    assert f", row 1: column {gone} is missing; " in message
    assert "prizes_paid, jackpot_won" in message


@pytest.mark.parametrize("wrong", ["Tickets_Sold", "tickets", "ticket_sold", "Tickets Sold"])
def test_a_missing_column_suggests_a_near_name(tmp_path, wrong):
    message = refused(write(text_rows().rename(columns={"tickets_sold": wrong}), tmp_path))
    assert f"column tickets_sold is missing; rename '{wrong}'" in message


def test_a_column_given_twice_is_refused(tmp_path):
    frame = text_rows()
    frame.insert(2, "n_draws", "1")
    frame.insert(2, "draws", "2")
    message = refused(write(frame.rename(columns={"draws": "n_draws"}), tmp_path))
    assert "column n_draws is there 2 times; keep one" in message


@pytest.mark.parametrize(("cells", "count"), [(["1", "9"], "8 of 7"), ([], "6 of 7")])
def test_a_row_with_more_or_fewer_cells_stops_its_country_alone(tmp_path, cells, count):
    path = write(pd.concat([text_rows(12), text_rows(12, "lemuria")]), tmp_path)
    lines = path.read_text().split("\n")
    lines[5] = ",".join([*lines[5].split(",")[:6], *cells])
    path.write_text("\n".join(lines))
    raw = read_sales(path)
    with pytest.raises(BadInput, match=rf"row 6 \(atlantis\): has {count} cells") as error:
        weekly_sales(raw.frame, country(), source=raw.source)
    assert error.value.complaints[0].row == 6
    assert len(weekly_sales(raw.frame, country(country_name="lemuria"))) == 13


def test_a_row_without_a_country_is_warned_of(tmp_path):
    frame = text_rows(12)
    frame.loc[12] = ["", "Total", "1", "2", "3", "4", "5"]
    (warning,) = read_sales(write(frame, tmp_path)).complaints
    assert (warning.severity, warning.row, warning.key) == ("warning", 14, "country")
    assert "row 14: country is empty" in warning.message
