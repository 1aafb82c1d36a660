{{ config(tags=['star']) }}

{{ lever_readings('shown') }}
