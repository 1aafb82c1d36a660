{{ config(severity='warn') }}
-- Rows of fct_site_disagreement: a site is placed by its town where its postal code is one character away,
-- otherwise by its postal code, which may be wrong; to be reported to its producer.
select
    dataset_id,
    installation_id,
    city,
    postal_code,
    disagreement
from {{ ref('fct_site_disagreement') }}
