/** Functions whose result is not decided by their arguments alone. */
const volatile =
  /^(?:rand|randn|random|randstr|uniform|normal|zipf|seq[1248]|uuid|uuid_string|gen_random_uuid|generate_uuid|uuid_generate_v\d\w*|uuidv\d|newid|nextval|setval|currval|lastval|setseed|monotonically_increasing_id|shuffle|clock_timestamp|spark_partition_id|input_file_name|pg_\w+|txid_current|sample)$/;

export function isVolatile(name: string): boolean {
  return volatile.test(name);
}

const aggregates = new Set(
  `count sum avg min max count_if countif median mode stddev stddev_pop stddev_samp variance var_pop var_samp string_agg
   listagg array_agg collect_list collect_set bool_and bool_or every any_value first_value last_value arg_max arg_min max_by min_by
   approx_count_distinct approx_distinct percentile_cont percentile_disc percentile approx_percentile corr covar_pop covar_samp
   bit_and bit_or bit_xor boolor_agg booland_agg object_agg json_agg jsonb_agg json_object_agg jsonb_object_agg group_concat
   list first last any some sumif avgif hll product skewness kurtosis entropy mad histogram`
    .trim()
    .split(/\s+/),
);

const windows = new Set(
  'row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value ratio_to_report'.split(
    ' ',
  ),
);

/** Functions of one row: the same number of rows with them and without. */
const scalars = new Set(
  `coalesce nullif ifnull nvl nvl2 iff if greatest least zeroifnull nullifzero decode equal_null
   abs round floor ceil ceiling trunc truncate sqrt power pow exp ln log log2 log10 sign mod div0 div0null pi degrees radians
   sin cos tan asin acos atan atan2 cbrt pmod bround
   upper lower length len char_length octet_length trim ltrim rtrim btrim substr substring left right replace concat concat_ws
   lpad rpad reverse repeat initcap split_part position strpos instr charindex translate contains startswith endswith starts_with
   ends_with regexp_replace regexp_substr regexp_like rlike regexp_extract ascii chr md5 sha1 sha2 sha256 hash hex unhex format
   format_number printf space soundex levenshtein editdistance
   date to_date to_timestamp to_timestamp_ntz to_timestamp_ltz to_timestamp_tz to_char to_varchar to_number to_numeric to_decimal
   to_double to_boolean to_time try_to_date try_to_timestamp try_to_number try_to_decimal try_cast safe_cast cast
   date_trunc datetrunc dateadd date_add date_sub datediff date_diff date_part datepart extract year month day dayofmonth dayofweek
   dayofyear hour minute second quarter week weekofyear weekday last_day add_months months_between next_day make_date
   make_timestamp strftime strptime date_format from_unixtime unix_timestamp from_utc_timestamp to_utc_timestamp convert_timezone
   timezone age epoch epoch_ms timestampadd timestampdiff date_from_parts timestamp_from_parts dayname monthname
   current_date current_timestamp now getdate sysdate localtimestamp current_time
   get_json_object json_extract json_extract_string json_extract_path_text parse_json try_parse_json get get_path to_json
   array_size array_length cardinality array_contains array size element_at named_struct struct struct_pack object_construct
   array_construct isnull isnotnull isnan bool decimal varchar numeric char timestamp`
    .trim()
    .split(/\s+/),
);

/** What a function does to rows, as far as it is known in every dialect. */
export function functionKind(name: string): 'aggregate' | 'window' | 'scalar' | 'other' {
  if (isVolatile(name)) return 'other';
  if (windows.has(name)) return 'window';
  if (aggregates.has(name)) return 'aggregate';
  return scalars.has(name) ? 'scalar' : 'other';
}
