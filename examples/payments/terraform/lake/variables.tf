variable "lake_bucket" {
  description = "Name of the lake's bucket."
  type        = string
}

variable "landing_retention_days" {
  description = "How long landing files are kept. Longer than the longest time a release may be rolled back."
  type        = number
  default     = 90

  validation {
    condition     = var.landing_retention_days >= 30
    error_message = "Landing files are needed for at least 30 days to settle again."
  }
}

variable "tags" {
  description = "Tags of every resource."
  type        = map(string)
  default     = { owner = "data-platform" }
}
