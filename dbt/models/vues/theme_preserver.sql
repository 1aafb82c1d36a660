{{ levers_of_theme('preserver') }}
