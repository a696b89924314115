/** Functions of well-known libraries that read the file that their first argument names, by module. */
const tables = ["read_csv", "read_table", "read_fwf", "read_excel", "read_json", "read_parquet", "read_pickle", "read_feather", "read_orc", "read_hdf", "read_xml", "read_html", "read_sas", "read_spss", "read_stata", "read_ndjson", "read_ipc", "read_avro", "scan_csv", "scan_parquet", "scan_ndjson", "scan_ipc", "read_file"];

export const dataReaders: Readonly<Record<string, readonly string[]>> = {
  pandas: tables,
  polars: tables,
  geopandas: tables,
  "dask.dataframe": tables,
  "pyarrow.csv": ["read_csv", "open_csv"],
  "pyarrow.parquet": ["read_table", "ParquetFile"],
  "pyarrow.json": ["read_json"],
  "pyarrow.feather": ["read_table", "read_feather"],
  numpy: ["load", "loadtxt", "genfromtxt", "fromfile", "memmap"],
  xarray: ["open_dataset", "load_dataset"],
  joblib: ["load"],
  torch: ["load"],
  cv2: ["imread"],
  "matplotlib.pyplot": ["imread"],
  "matplotlib.image": ["imread"],
  imageio: ["imread"],
  "PIL.Image": ["open"],
  gzip: ["open"],
  bz2: ["open"],
  lzma: ["open"],
  tarfile: ["open"],
  zipfile: ["ZipFile"],
  sqlite3: ["connect"],
  h5py: ["File"],
};

const calls = new Set(Object.entries(dataReaders).flatMap(([module, names]) => names.map((name) => `${module}.${name}`)));

/** Whether a call of the qualified name reads the file that its first argument names. */
export function readsData(name: string): boolean {
  return calls.has(name);
}
