output "lake_root" {
  description = "What environments give as lake_root."
  value       = "s3://${aws_s3_bucket.lake.bucket}"
}
