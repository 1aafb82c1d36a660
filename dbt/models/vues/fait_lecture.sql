{{ lever_readings('shown') }}
