{{ lever_readings('others') }}
